import { Document, isMap, isScalar, parseDocument } from 'yaml';
import { configKeys } from './keys.ts';
import { STACK_NAMESPACE } from './stack-file.ts';

/** What a stack file is to say. */
export interface StackText {
  readonly stack: string;
  /** Our keys, without their prefix. */
  readonly sections: Readonly<Record<string, object | string>>;
  /** The file of before: what is not ours in it (other namespaces, Pulumi's own keys) stays. */
  readonly before?: string | undefined;
}

/**
 * A Pulumi.<stack>.yaml with these keys, each under a comment that says what it is. YAML 1.1, which Pulumi reads: there
 * 23:45 without quotes is a number.
 */
export function stackText({ stack, sections, before = '' }: StackText): string {
  const kept = foreign(before);
  const own = Object.entries(sections).map(([name, value]) => [`${STACK_NAMESPACE}${name}`, value]);
  const config = { ...kept.config, ...Object.fromEntries(own) };
  const document = new Document({ ...kept, config }, { version: '1.1' });
  document.commentBefore =
    ` The stack \`${stack}\`. Every key is in docs/configuration.md; docs/deploy.md says what comes next.\n` +
    ' Passwords and API keys never stand here: npx gatehouse ' +
    `--${stack}-set-secret NAME`;
  explain(document);
  return document.toString({ directives: false, lineWidth: 0 });
}

/** What the file has beside our keys; nothing of a file that is no stack file. */
function foreign(text: string): { readonly config?: Record<string, unknown> } {
  const document = parseDocument(text, { version: '1.1' });
  const content: unknown = document.errors.length > 0 ? undefined : document.toJS();
  if (typeof content !== 'object' || content === null) return {};
  const config = 'config' in content && typeof content.config === 'object' ? content.config : {};
  const others = Object.entries(config ?? {}).filter(([key]) => !key.startsWith(STACK_NAMESPACE));
  return { ...content, config: Object.fromEntries(others) };
}

/** The first sentence of each section's description stands above it. */
function explain(document: Document): void {
  const { properties = {} } = configKeys();
  const config = document.get('config');
  for (const { key } of isMap(config) ? config.items : []) {
    if (!isScalar(key)) continue;
    const description = properties[String(key.value).slice(STACK_NAMESPACE.length)]?.description;
    if (description !== undefined) key.commentBefore = ` ${description}`;
  }
}
