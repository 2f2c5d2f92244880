import { monitoring } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Input, type Output } from '@pulumi/pulumi';
import type { Config } from '../../compose/config.ts';

export interface AlertChannelsArgs {
  readonly alerts: Config['alerts'];
}

/** Where Google's alerts go: one channel for each mail address, and those that exist already. */
export class AlertChannels extends ComponentResource {
  /** Names of the channels as Cloud Monitoring takes them. */
  readonly names: readonly Input<string>[];
  /** Those of them that are known to be mail: a budget takes no other kind. */
  readonly mails: readonly Input<string>[];

  constructor(name: string, { alerts }: AlertChannelsArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:AlertChannels', name, {}, options);
    const mail = (address: string): Output<string> =>
      new monitoring.NotificationChannel(
        `${name}-${address}`,
        { displayName: `Gatehouse ${name}: ${address}`, type: 'email', labels: { email_address: address } },
        { parent: this },
      ).name;
    this.mails = [...new Set(alerts.emails)].map(mail);
    this.names = [...this.mails, ...alerts.channels];
    this.registerOutputs();
  }
}
