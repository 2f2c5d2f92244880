import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What an input may be. */
export type InputType =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'asset' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly of: InputType }
  | { readonly kind: 'group'; readonly name: string };

/** The inputs of a resource, or of a group in it, by name. */
export type Shape = ReadonlyMap<string, { readonly type: InputType; readonly required: boolean }>;

const PACKAGE = dirname(fileURLToPath(import.meta.resolve('@pulumi/gcp')));

/** The inputs of a resource by @pulumi/gcp's own declarations. Throws an Error for a type it does not have. */
export function resourceShape(type: string): Shape {
  return remembered(type, () => {
    const [, module = '', name = ''] = type.split(':');
    const text = readFileSync(
      type === 'pulumi:providers:gcp' ? join(PACKAGE, 'provider.d.ts') : fileOf(module),
      'utf8',
    );
    return shapeOf(text, type === 'pulumi:providers:gcp' ? 'ProviderArgs' : `${name}Args`);
  });
}

/** `compute/instance` is compute/instance.d.ts; abbreviations are spelt otherwise in the file's name. */
function fileOf(module: string): string {
  const [folder = '', name = ''] = module.split('/');
  const wanted = `${name}.d.ts`.toLowerCase();
  const found = readdirSync(join(PACKAGE, folder)).find((file) => file.toLowerCase() === wanted);
  if (found === undefined) throw new Error(`@pulumi/gcp has no resource ${module}`);
  return join(PACKAGE, folder, found);
}

/** The inputs of a group, `compute.InstanceBootDisk` of types/input.d.ts. */
export function groupShape(path: string): Shape {
  return remembered(path, () => {
    const [namespace = '', name = ''] = path.includes('.') ? path.split('.') : ['', path];
    // Six megabytes: the one interface is cut out before it is parsed.
    const all = inputTypes();
    const from = namespace === '' ? 0 : all.indexOf(`export declare namespace ${namespace} {`);
    const start = all.indexOf(`interface ${name} {`, from);
    const indent = namespace === '' ? '' : '    ';
    const end = all.indexOf(`\n${indent}}`, start);
    return shapeOf(`${all.slice(start, end)}\n}`, name);
  });
}

let inputs: string | undefined;
function inputTypes(): string {
  inputs ??= readFileSync(join(PACKAGE, 'types/input.d.ts'), 'utf8');
  return inputs;
}

const shapes = new Map<string, Shape>();
function remembered(key: string, make: () => Shape): Shape {
  const shape = shapes.get(key) ?? make();
  shapes.set(key, shape);
  return shape;
}

function shapeOf(text: string, name: string): Shape {
  const file = ts.createSourceFile('types.d.ts', text, ts.ScriptTarget.Latest);
  const found = file.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`@pulumi/gcp declares no ${name}`);
  return new Map(
    found.members.filter(ts.isPropertySignature).map((member) => {
      const type = member.type ? typeOf(member.type) : { kind: 'any' as const };
      return [member.name.getText(file), { type, required: member.questionToken === undefined }];
    }),
  );

  function typeOf(node: ts.TypeNode): InputType {
    if (ts.isUnionTypeNode(node))
      return typeOf(node.types.find((part) => part.getText(file) !== 'undefined') ?? node);
    if (ts.isParenthesizedTypeNode(node)) return typeOf(node.type);
    if (ts.isArrayTypeNode(node)) return { kind: 'list', of: typeOf(node.elementType) };
    if (ts.isTypeLiteralNode(node)) return { kind: 'map', of: mapOf(node) };
    if (ts.isTypeReferenceNode(node)) return reference(node);
    const plain = node.getText(file);
    return plain === 'string' || plain === 'number' || plain === 'boolean'
      ? { kind: plain }
      : { kind: 'any' };
  }

  function mapOf(node: ts.TypeLiteralNode): InputType {
    const signature = node.members.find(ts.isIndexSignatureDeclaration);
    return signature ? typeOf(signature.type) : { kind: 'any' };
  }

  function reference(node: ts.TypeReferenceNode): InputType {
    const name = node.typeName.getText(file);
    const [inner] = node.typeArguments ?? [];
    if (name === 'pulumi.Input' && inner) return typeOf(inner);
    if (name.startsWith('inputs.')) return { kind: 'group', name: name.slice('inputs.'.length) };
    return { kind: name.startsWith('pulumi.asset.') ? 'asset' : 'any' };
  }
}
