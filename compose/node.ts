/** A health check with nothing but node: the page answers 200, or the check fails. */
export function nodeGet(port: number, path: string): string[] {
  const script =
    `require('node:http').get('http://127.0.0.1:${port}${path}',r=>process.exit(r.statusCode===200?0:1))` +
    `.on('error',()=>process.exit(1))`;
  return ['CMD', 'node', '-e', script];
}

/** V8's heap in MB within a container's memory limit: the rest is for code, buffers and sockets. */
export function nodeHeap(memoryMb: number): string {
  return `--max-old-space-size=${Math.floor(memoryMb * 0.6)}`;
}
