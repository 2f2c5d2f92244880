import { written } from '../../stacks.ts';
import type { Mistake } from '../mistake.ts';

/** Of the host. */
export const host: readonly Mistake[] = [
  [
    'a machine where none is free',
    written('gnzsnz', { host: { zone: 'europe-west6-a' } }),
    'host.zone: must be in us-west1, us-central1, us-east1, where a machine is free; or give policy.allow.free-tier-region a reason; got "europe-west6-a"',
  ],
  [
    'disks beyond what is free',
    written('gnzsnz', { host: { bootDiskGb: 20, dataDiskGb: 11 } }),
    'host.dataDiskGb: must be 30 GB at most with host.bootDiskGb, which is what is free; or give policy.allow.free-tier-disks a reason; got 11',
  ],
  [
    'a project that is not named',
    written('gnzsnz', { host: { project: undefined } }),
    'host.project: must be given; got nothing',
  ],
  [
    'a network tier that is none',
    written('gnzsnz', { host: { networkTier: 'STANDARD' } }),
    'host.networkTier: must be one of premium, standard; got "STANDARD"',
  ],
  [
    'snapshots by the hour',
    written('gnzsnz', { host: { snapshots: 'hourly' } }),
    'host.snapshots: must be one of none, daily, weekly; got "hourly"',
  ],
  [
    'a bucket with an address for a name',
    written('gnzsnz', { host: { bucket: 'gs://mine' } }),
    'host.bucket: must be a bucket name: 3 to 63 lower-case letters, digits and hyphens; got "gs://mine"',
  ],
  [
    'a budget of an account that is none',
    written('gnzsnz', { host: { budget: { billingAccount: 'mine' } } }),
    'host.budget.billingAccount: must be a billing account id such as 012345-6789AB-CDEF01; got "mine"',
  ],
  [
    'a budget of nothing',
    written('gnzsnz', { host: { budget: { billingAccount: '012345-6789AB-CDEF01', amount: 0 } } }),
    'host.budget.amount: must be a whole number from 1 to 100000; got 0',
  ],
  [
    'an operator without a kind',
    written('gnzsnz', { host: { operators: ['ada@example.com'] } }),
    'host.operators.0: must be user:, group: or serviceAccount: and an e-mail address; got "ada@example.com"',
  ],
  [
    'everybody as an operator',
    written('gnzsnz', { host: { operators: ['allUsers'] } }),
    'host.operators.0: must be user:, group: or serviceAccount: and an e-mail address; got "allUsers"',
  ],
  [
    'a network tier of this machine',
    written('simulated', { host: { networkTier: 'standard' } }),
    'host.networkTier: is a key of kind gcp, not of local; got "standard"',
  ],
  [
    'a folder that is not absolute',
    written('simulated', { host: { dataDir: 'data' } }),
    'host.dataDir: must be an absolute folder without spaces; got "data"',
  ],
  [
    'a machine that is not free and not known',
    written('gnzsnz', { host: { machineType: 'e2-small2' } }),
    'host.machineType: must be one of e2-micro, e2-small, e2-medium; got "e2-small2"',
  ],
  [
    'a project number for a project id',
    written('gnzsnz', { host: { project: '123456' } }),
    'host.project: must be a project id: 6 to 30 lower-case letters, digits and hyphens; got "123456"',
  ],
  [
    'a gateway that keeps nothing',
    { ...written('gnzsnz'), host: { kind: 'local' } },
    'host.dataDir: must be given with dialect gnzsnz; got nothing',
  ],
];
