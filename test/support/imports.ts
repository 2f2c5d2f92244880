import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** One import of a file, in whatever form it is written. */
export interface Import {
  /** Path in the repository, with slashes. */
  readonly from: string;
  /** A path in the repository, or the name of a package or builtin as it is written. */
  readonly to: string;
}

/** Stands for a dynamic import whose module only running it would tell. */
export const UNKNOWN = '(computed)';

/** Every import of a source: import, export from, import(), import type, import('...').T and require(). */
export function importsOf(path: string, source: string): Import[] {
  const found: Import[] = [];
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push({ from: path, to: resolve(path, specifier) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier && textOf(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : UNKNOWN;
  if (ts.isCallExpression(node) && isLoading(node.expression)) return textOf(node.arguments[0]);
  return undefined;
}

function isLoading(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

function textOf(node: ts.Node | undefined): string {
  return node && ts.isStringLiteralLike(node) ? node.text : UNKNOWN;
}

function resolve(path: string, specifier: string): string {
  return specifier.startsWith('.') ? join(dirname(path), specifier) : specifier;
}

/** Whether a source reads the environment: process.env, however it is come by. */
export function readsEnvironment(path: string, source: string): boolean {
  let found = false;
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  const visit = (node: ts.Node): void => {
    found ||= ts.isPropertyAccessExpression(node) && node.name.text === 'env' && isProcess(node.expression);
    found ||= ts.isElementAccessExpression(node) && isProcess(node.expression);
    found ||=
      ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && isProcess(node.initializer);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isProcess(node: ts.Expression | undefined): boolean {
  if (node === undefined) return false;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'process';
  return ts.isIdentifier(node) && node.text === 'process';
}
