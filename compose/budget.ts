import { hostMemoryMb } from './config/host.ts';
import { JVM_BESIDE_HEAP_MB, SYSTEM_MB } from './config/together.ts';
import type { Config } from './config.ts';
import type { ServiceName, ServiceSpec } from './spec.ts';
import { stackSpec } from './stack.ts';

/** One line of the memory budget. Sizes are whole MB (2^20 bytes). */
export interface BudgetRow {
  readonly name: ServiceName | 'system';
  /** The container's limit; for the system what it is reckoned with. */
  readonly limitMb: number;
  /** What the limit is made of, in words. */
  readonly made: string;
  /** 1 is what the kernel kills first when memory is short; undefined: it is not of the stack. */
  readonly killed?: number;
  /** What was seen in use; undefined where nobody measured. */
  readonly measuredMb?: number;
}

/** What the services of a stack may use, against what its host has. */
export interface Budget {
  readonly rows: readonly BudgetRow[];
  readonly totalMb: number;
  /** Undefined for a local host whose memory nobody said. */
  readonly host?: { readonly ramMb: number; readonly swapMb: number; readonly leftMb: number };
}

/** Memory seen in use, in MB, by service; `system` is what the machine uses without the stack, its kernel included. */
export type Measured = Readonly<Partial<Record<BudgetRow['name'], number>>>;

/**
 * The memory budget of a configuration. Pure: measured values (docker stats, free) are handed in by whoever can
 * measure. The configuration was checked already, so the total fits RAM and swap.
 */
export function memoryBudget(config: Config, measured: Measured = {}): Budget {
  const { services } = stackSpec(config);
  const order = [...services].sort((a, b) => b.oomScore - a.oomScore).map(({ name }) => name);
  const rows: BudgetRow[] = [
    row({ name: 'system', limitMb: SYSTEM_MB, made: 'kernel, Debian and the Docker engine' }, measured),
    ...services.map((service) => row(ofService(service, config, order.indexOf(service.name) + 1), measured)),
  ];
  const totalMb = rows.reduce((sum, { limitMb }) => sum + limitMb, 0);
  return { rows, totalMb, ...hostOf(config, totalMb) };
}

function row(base: BudgetRow, measured: Measured): BudgetRow {
  const measuredMb = measured[base.name];
  return measuredMb === undefined ? base : { ...base, measuredMb: Math.round(measuredMb) };
}

function ofService({ name, memoryMb }: ServiceSpec, config: Config, killed: number): BudgetRow {
  return { name, limitMb: memoryMb, made: madeOf(name, memoryMb, config), killed };
}

function madeOf(name: ServiceName, memoryMb: number, { gateway }: Config): string {
  if (name === 'caddy') return `Go, collected from ${Math.floor(memoryMb * 0.8)} MB on`;
  const ibc = gateway.dialect === 'gnzsnz' || gateway.dialect === 'extrange';
  if (name !== 'gateway' || !ibc) return `Node, heap ${Math.floor(memoryMb * 0.6)} MB`;
  const gateways = gateway.tradingMode === 'both' ? 2 : 1;
  const spare = memoryMb - gateways * (gateway.heapMb + JVM_BESIDE_HEAP_MB);
  const jvm = `heap ${gateway.heapMb} MB, ${JVM_BESIDE_HEAP_MB} MB beside it`;
  return `${gateways === 2 ? '2 JVMs' : 'JVM'}: ${jvm}; ${spare} MB for the rest`;
}

function hostOf({ host }: Config, totalMb: number): Pick<Budget, 'host'> {
  const memory = hostMemoryMb(host);
  if (memory === undefined) return {};
  return { host: { ramMb: memory.ram, swapMb: memory.swap, leftMb: memory.ram + memory.swap - totalMb } };
}

/** The budget as lines of text, columns aligned, for a terminal. */
export function budgetTable({ rows, totalMb, host }: Budget): string[] {
  const header = ['service', 'limit', 'measured', 'killed', 'made of'];
  const body = rows.map(({ name, limitMb, measuredMb, killed, made }) => [
    name,
    `${limitMb} MB`,
    measuredMb === undefined ? '-' : `${measuredMb} MB`,
    killed === undefined ? '-' : ordinal(killed, rows.length - 1),
    made,
  ]);
  const total = ['total', `${totalMb} MB`, '', '', host ? fits(host) : 'host.memoryMb is not given'];
  return aligned([header, ...body, total]);
}

function ordinal(killed: number, services: number): string {
  if (killed === services && services > 1) return 'last';
  return killed === 1 ? 'first' : `${killed}.`;
}

function fits({ ramMb, swapMb, leftMb }: NonNullable<Budget['host']>): string {
  return `of ${ramMb} MB and ${swapMb} MB of swap: ${leftMb} MB left`;
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((cells) => cells[column]?.length ?? 0)),
  );
  return table.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
