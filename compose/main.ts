import { release } from './cli.ts';

process.exitCode = await release(process.argv.slice(2));
