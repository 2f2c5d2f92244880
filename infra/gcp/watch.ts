import { monitoring } from '@pulumi/gcp';
import {
  ComponentResource,
  type ComponentResourceOptions,
  getStack,
  type Input,
  interpolate,
  type Output,
} from '@pulumi/pulumi';
import type { AlertChannels } from './alert-channels.ts';

/** Google asks for three at least; these answer to the machine's own continent, where its answers cost nothing. */
const REGIONS = ['USA_OREGON', 'USA_IOWA', 'USA_VIRGINIA'];

/** Every 10 minutes from three places: some 13,000 checks a month, and their TLS handshakes are egress. */
const PERIOD_SECONDS = 600;

/** Two checks of each place: a place whose newest answer is older than that counts as none. */
const WINDOW_SECONDS = 2 * PERIOD_SECONDS;

export interface WatchArgs {
  readonly project: string;
  /** Host name or address that is asked. */
  readonly host: Input<string>;
  readonly port: number;
  /** Whether the certificate is one that Google's checkers trust. */
  readonly validateCertificate: boolean;
  readonly channels: Pick<AlertChannels, 'names'>;
}

/** The dead-man's switch outside the machine: what runs on it cannot report that it does not run. */
export class Watch extends ComponentResource {
  constructor(name: string, args: WatchArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Watch', name, {}, options);
    const child = { parent: this };
    const check = new monitoring.UptimeCheckConfig(name, checkOf(name, args), child);
    new monitoring.AlertPolicy(name, alertOf(name, check.uptimeCheckId, args), child);
    this.registerOutputs();
  }
}

function checkOf(name: string, { project, host, port, validateCertificate }: WatchArgs) {
  return {
    displayName: `Gatehouse ${name}: /ping`,
    period: `${PERIOD_SECONDS}s`,
    timeout: '10s',
    selectedRegions: REGIONS,
    httpCheck: { path: '/ping', port, useSsl: true, validateSsl: validateCertificate },
    monitoredResource: { type: 'uptime_url', labels: { project_id: project, host } },
  } satisfies monitoring.UptimeCheckConfigArgs;
}

/** More than one place without an answer: a single one may have troubles of its own. */
function alertOf(name: string, check: Output<string>, { channels }: WatchArgs) {
  const passed = 'metric.type="monitoring.googleapis.com/uptime_check/check_passed"';
  return {
    displayName: `Gatehouse ${name} does not answer`,
    combiner: 'OR',
    notificationChannels: [...channels.names],
    conditions: [
      {
        displayName: '/ping has no answer in two places or more',
        conditionThreshold: {
          filter: interpolate`${passed} AND metric.label.check_id="${check}" AND resource.type="uptime_url"`,
          comparison: 'COMPARISON_GT',
          thresholdValue: 1,
          duration: '60s',
          trigger: { count: 1 },
          aggregations: [
            {
              alignmentPeriod: `${WINDOW_SECONDS}s`,
              perSeriesAligner: 'ALIGN_NEXT_OLDER',
              crossSeriesReducer: 'REDUCE_COUNT_FALSE',
              groupByFields: ['resource.label.*'],
            },
          ],
        },
      },
    ],
    documentation: {
      mimeType: 'text/markdown',
      content: `The machine ${name}, or its way to the world, is gone. \`npx gatehouse --${getStack()}-diagnostics\` looks from the outside in.`,
    },
  } satisfies monitoring.AlertPolicyArgs;
}
