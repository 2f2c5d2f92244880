/** The parts of an OpenAPI document that the page shows. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly security?: unknown;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<Record<string, { readonly description?: string }>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly example?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 52rem; padding: 1rem; }
h2 { margin-top: 2.5rem; font: 600 1.1rem ui-monospace, monospace; border-top: 1px solid #8886; padding-top: 1rem; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0; }
code { font-family: ui-monospace, monospace; }
nav a { margin-right: 1rem; white-space: nowrap; }
`;

/** The OpenAPI document as one page for people: no script, nothing from elsewhere. */
export function docsPage(document: ApiDocument, schemas: Readonly<Record<string, unknown>>): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
  const { title, version } = document.info;
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${text(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${text(title)}</h1><p>Release <code>${text(version)}</code>. For programs: <a href="/openapi.json">/openapi.json</a>, with a key.</p>`,
    `<nav>${operations.map(({ name }) => `<a href="#${anchor(name)}">${text(name)}</a>`).join(' ')}</nav>`,
    ...operations.map(({ name, operation }) => section(name, operation, schemas)),
    '</body></html>',
  ].join('\n');
}

function section(name: string, operation: Operation, schemas: Readonly<Record<string, unknown>>): string {
  const { summary = '', description = '', parameters = [], requestBody, responses = {} } = operation;
  const body = resolve(requestBody?.content?.['application/json']?.schema, schemas);
  const fields = Object.entries(body?.properties ?? {}).map(([field, schema]) => ({
    name: field,
    in: 'body',
    required: body?.required?.includes(field) ?? false,
    schema,
  }));
  return [
    `<h2 id="${anchor(name)}">${text(name)}</h2>`,
    `<p>${text(summary)}${operation.security ? '' : ' <em>(no key)</em>'}</p>`,
    description && `<p>${text(description)}</p>`,
    table(['Parameter', 'In', 'What'], [...parameters, ...fields].map(parameterRow)),
    table(
      ['Answer', 'What'],
      Object.entries(responses).map(([status, response]) => [text(status), text(response.description ?? '')]),
    ),
  ].join('\n');
}

function parameterRow({ name, in: where, required, description, schema = {} }: Parameter): string[] {
  const facts = [
    required ? 'Required.' : '',
    description ?? schema.description ?? '',
    schema.enum ? `One of ${schema.enum.join(', ')}.` : [schema.type ?? ''].flat().join(' or '),
    schema.default === undefined ? '' : `Default ${String(schema.default)}.`,
    schema.example === undefined ? '' : `Example: ${String(schema.example)}`,
  ];
  return [`<code>${text(name)}</code>`, text(where), text(facts.filter((fact) => fact !== '').join(' '))];
}

/** Cells are HTML already. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table>${line(head, 'th')}${rows.map((row) => line(row, 'td')).join('')}</table>`;
}

function resolve(schema: Schema | undefined, schemas: Readonly<Record<string, unknown>>): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : (schemas[name] as Schema | undefined);
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

function text(raw: string): string {
  return raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
