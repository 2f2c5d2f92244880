import { z } from 'zod';
import { whole } from './rules.ts';

/** Keys of a host on Google Cloud beside machine, disks and folders. */
export const gcpKeys = {
  networkTier: z
    .enum(['premium', 'standard'])
    .default('premium')
    .describe(
      'Network tier of address and machine; another one is another address. What standard costs is contested.',
    ),
  deletionProtection: z
    .boolean()
    .default(false)
    .describe('Google refuses to delete the machine, or to replace it, until this is false again.'),
  snapshots: z
    .enum(['none', 'daily', 'weekly'])
    .default('none')
    .describe('Snapshots of the data disk, kept for 7 days or for 28; they are billed by the GB.'),
  bucket: z
    .string()
    .regex(
      /^(?!goog)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      'must be a bucket name: 3 to 63 lower-case letters, digits and hyphens',
    )
    .optional()
    .describe(
      'Name of the bucket for releases and backups; by default <project>-<name>. Buckets of all of Google share one space of names.',
    ),
  budget: z
    .strictObject({
      billingAccount: z
        .string()
        .regex(/^[0-9A-F]{6}(-[0-9A-F]{6}){2}$/, 'must be a billing account id such as 012345-6789AB-CDEF01')
        .describe('The billing account of the project.'),
      amount: whole(1, 100_000)
        .default(5)
        .describe('Cost of a month, in the currency of the account, that mails are sent about.'),
    })
    .optional()
    .describe('Mails when the project costs money: at half the amount, at all of it, and when it will.'),
  operators: z
    .array(
      z
        .string()
        .regex(
          /^(user|group|serviceAccount):[^\s@:]+@[^\s@:]+\.[^\s@:]+$/,
          'must be user:, group: or serviceAccount: and an e-mail address',
        ),
    )
    .default([])
    .describe(
      'Who may reach the machine by ssh through IAP and be root there; owners of the project need no line here.',
    ),
};

/** Name of the bucket for releases and backups. At most 63 characters, which is what Google takes. */
export function bucketName(host: { project: string; bucket?: string | undefined }, stack: string): string {
  return host.bucket ?? `${host.project}-${stack}`;
}
