import { billing, Provider } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, interpolate } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import type { AlertChannels } from './alert-channels.ts';
import type { ReleaseBucket } from './release-bucket.ts';

/** What Google takes for one budget, and of mail alone: with a channel of another kind it refuses the budget. */
const MOST_CHANNELS = 5;

export interface BudgetAlertArgs {
  readonly project: string;
  readonly budget: NonNullable<GcpHostConfig['budget']>;
  readonly bucket: Pick<ReleaseBucket, 'projectNumber'>;
  readonly channels: Pick<AlertChannels, 'mails'>;
}

/** Mails when the project costs something. Google's own: it stops nothing. */
export class BudgetAlert extends ComponentResource {
  constructor(name: string, args: BudgetAlertArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:BudgetAlert', name, {}, options);
    const { project, budget, bucket, channels } = args;
    // With a person's own credentials this API must be told which project asks; the others need not be.
    const provider = new Provider(
      `${name}-billing`,
      { project, billingProject: project, userProjectOverride: true },
      { parent: this },
    );
    new billing.Budget(
      name,
      {
        billingAccount: budget.billingAccount,
        displayName: `Gatehouse ${name}`,
        budgetFilter: { projects: [interpolate`projects/${bucket.projectNumber}`] },
        amount: { specifiedAmount: { units: String(budget.amount) } },
        thresholdRules: [
          { thresholdPercent: 0.5 },
          { thresholdPercent: 1 },
          { thresholdPercent: 1, spendBasis: 'FORECASTED_SPEND' },
        ],
        ...(channels.mails.length > 0 && {
          allUpdatesRule: { monitoringNotificationChannels: channels.mails.slice(0, MOST_CHANNELS) },
        }),
      },
      { parent: this, provider },
    );
    this.registerOutputs();
  }
}
