#!/usr/bin/env node
// Plain JavaScript that parses on Node 12 and later, with no dependency: it runs before anyone knows which
// Node this is and whether `npm ci` was done. So no node: prefix, no ?., no ??, no top-level await.
// biome-ignore-all lint/style/useNodejsImportProtocol: Node 12 does not know the node: prefix
import { existsSync, readFileSync } from 'fs';
import { fileURLToPath } from 'url';

const checkout = new URL('../', import.meta.url);

function neededMajor() {
  const manifest = JSON.parse(readFileSync(new URL('package.json', checkout), 'utf8'));
  return Number(/\d+/.exec(manifest.engines.node)[0]);
}

function refuse(sentence) {
  process.stderr.write(`gatehouse: ${sentence}\n`);
  process.exitCode = 2;
}

function start() {
  const found = process.versions.node;
  const needed = neededMajor();
  if (Number(found.split('.')[0]) < needed) {
    refuse(
      `Node ${found} is too old, ${needed} or later is needed: run npm ci, then npm start or npx gatehouse, which bring their own Node ${needed}.`,
    );
    return;
  }
  if (!existsSync(new URL('node_modules/', checkout))) {
    refuse(`no packages are installed yet: run npm ci in ${fileURLToPath(checkout)} first.`);
    return;
  }
  import('../ops/main.ts').then((ops) => ops.main(process.argv.slice(2)));
}

start();
