import { Counter, Gauge, type Registry } from 'prom-client';

export const PREFIX = 'gatehouse_bridge';

/** A number that is read whenever it is asked for. */
export function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

/** A number that is counted elsewhere, since the bridge started. */
export function counter(registry: Registry, name: string, help: string, read: () => number): void {
  new Counter({
    name: `${PREFIX}_${name}`,
    help,
    registers: [registry],
    collect() {
      this.reset();
      this.inc(read());
    },
  });
}
