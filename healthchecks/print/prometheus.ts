import type { Verdict } from '../verdict.ts';

type Labels = Readonly<Record<string, string | number>>;

/** One metric: its name, what it says, and its samples. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/** A verdict in Prometheus' text format: for a node exporter's textfile collector, or a push gateway. */
export function toPrometheus(verdict: Verdict): string {
  return metrics(verdict).map(block).join('');
}

function metrics({ healthy, level, cause, timingsMs, summary, at, gateway }: Verdict): readonly Metric[] {
  const target = { host: gateway.host, port: gateway.port };
  const parts = Object.entries(summary).filter((part): part is [string, boolean] => part[1] !== null);
  return [
    {
      name: 'gatehouse_probe_healthy',
      help: 'Whether the gateway did everything the level asks (1), or not (0).',
      samples: [[{ ...target, level }, Number(healthy)]],
    },
    {
      name: 'gatehouse_probe_cause',
      help: 'What the probe found, as its label; always 1.',
      samples: [[{ ...target, cause }, 1]],
    },
    {
      name: 'gatehouse_probe_part',
      help: 'Whether each part of the work that was asked about can be relied on.',
      samples: parts.map(([part, works]) => [{ ...target, part }, Number(works)]),
    },
    {
      name: 'gatehouse_probe_stage_seconds',
      help: 'How long each stage took.',
      samples: Object.entries(timingsMs).map(([stage, ms]) => [{ ...target, stage }, ms / 1000]),
    },
    {
      name: 'gatehouse_probe_timestamp_seconds',
      help: 'When the probe began.',
      samples: [[target, Date.parse(at) / 1000]],
    },
  ];
}

function block({ name, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => `${name}{${pairs(labels)}} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function pairs(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escaped(String(value))}"`)
    .join(',');
}

function escaped(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n');
}
