import { SECRETS } from '../spec.ts';
import { chooserOf, configKeys, type KeySchema } from './keys.ts';

/** docs/configuration.md, made from the schema: a test holds the file to it. */
export function configurationDocument(): string {
  const sections = Object.entries(configKeys().properties ?? {});
  return `${[INTRODUCTION, ...sections.map(([name, schema]) => section(name, schema))].join('\n\n')}\n`;
}

const INTRODUCTION = `<!-- Made from compose/config/ by \`npm run docs\`. To change it, change the schema there. -->
# Configuration

A stack is configured by the keys below in \`Pulumi.<stack>.yaml\`, each under \`config:\` with the prefix
\`gatehouse:\`. \`npm run release -- --stack <stack>\` and \`pulumi up\` read the same keys and report every mistake at
once: where it is, which rule it breaks, and what stands there. A key that does not exist is a mistake too.

Passwords and API keys are not configuration. They are files in the folder \`host.secretsDir\` of the host:
${Object.entries(SECRETS)
  .flatMap(([service, names]) => Object.values(names).map((name) => `\`${service}/${name}\``))
  .join(', ')}. The two that end in _PAPER are read with \`gateway.tradingMode: both\`, \`VNC_PASSWORD\` with
\`gateway.vncPort\` of gnzsnz.`;

function section(name: string, schema: KeySchema): string {
  const heading = `## gatehouse:${name}\n\n${schema.description ?? ''}`;
  if (schema.oneOf) return [heading, ...schema.oneOf.map((branch) => variant(name, branch))].join('\n\n');
  if (!schema.properties) return `${heading}\n\nValue: ${whatIsAllowed(schema, false)}.`;
  return `${heading}\n\n${table(schema)}`;
}

/** One way to fill in a section that has several, such as the gateway's dialects. */
function variant(name: string, branch: KeySchema): string {
  const chooser = chooserOf(branch);
  const chosen = chooser && branch.properties?.[chooser.key];
  return `### ${name}.${chooser?.key}: ${chooser?.value}\n\n${chosen?.description ?? ''}\n\n${table(branch)}`;
}

function table(schema: KeySchema): string {
  return ['| key | value | meaning |', '| --- | --- | --- |', ...rows(schema, '')].join('\n');
}

function rows(schema: KeySchema, prefix: string): string[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    if (value.const !== undefined) return [];
    if (value.properties) return rows(value, `${path}.`);
    return [`| \`${path}\` | ${whatIsAllowed(value, required.has(key))} | ${value.description ?? ''} |`];
  });
}

function whatIsAllowed(schema: KeySchema, required: boolean): string {
  const kind = schema.enum?.map((value) => `\`${value}\``).join(', ') ?? kindOf(schema);
  if (schema.default !== undefined) return `${kind}; default ${shown(schema.default)}`;
  return required ? `${kind}; required` : kind;
}

function kindOf({ type, minimum, maximum }: KeySchema): string {
  if (type === 'integer') return `whole number, ${minimum} to ${maximum}`;
  return { string: 'text', boolean: '`true` or `false`', array: 'list' }[type ?? ''] ?? String(type);
}

function shown(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
