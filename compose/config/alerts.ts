import { z } from 'zod';

export const alertsSection = z
  .strictObject({
    emails: z
      .array(z.email('must be an e-mail address'))
      .default([])
      .describe('Told by Google when /ping has no answer, and of the budget, with host.kind gcp.'),
    channels: z
      .array(
        z
          .string()
          .regex(
            /^projects\/[a-z][a-z0-9-]{4,28}[a-z0-9]\/notificationChannels\/\d+$/,
            'must be a channel of Cloud Monitoring: projects/PROJECT/notificationChannels/NUMBER',
          ),
      )
      .default([])
      .describe(
        'Channels that exist already (Slack, PagerDuty, SMS, ...): `gcloud beta monitoring channels list` names them.',
      ),
  })
  .prefault({})
  .describe(
    'Who is told from outside the machine. Credentials of channels are secrets and never stand here.',
  );
