import { compute } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { GcpHostConfig } from '../../compose/config/host.ts';
import type { DataDisk } from './data-disk.ts';

/** UTC; in New York it is night, and the markets of the day are closed. */
const START = '07:00';

const SCHEDULES = {
  daily: { schedule: { dailySchedule: { daysInCycle: 1, startTime: START } }, days: 7 },
  weekly: {
    schedule: { weeklySchedule: { dayOfWeeks: [{ day: 'SUNDAY', startTime: START }] } },
    days: 28,
  },
};

export interface SnapshotsArgs {
  readonly region: string;
  readonly zone: string;
  readonly every: Exclude<GcpHostConfig['snapshots'], 'none'>;
  readonly disk: Pick<DataDisk, 'name'>;
}

/** Snapshots of the data disk. Kept in the region: several regions cost more. */
export class Snapshots extends ComponentResource {
  constructor(name: string, { region, zone, every, disk }: SnapshotsArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Snapshots', name, {}, options);
    const { schedule, days } = SCHEDULES[every];
    const policy = new compute.ResourcePolicy(
      `${name}-snapshots`,
      {
        // Another schedule is another policy, made before the attached one can go.
        name: `${name}-snapshots-${every}`,
        region,
        snapshotSchedulePolicy: {
          schedule,
          retentionPolicy: { maxRetentionDays: days, onSourceDiskDelete: 'KEEP_AUTO_SNAPSHOTS' },
          snapshotProperties: { storageLocations: region },
        },
      },
      { parent: this },
    );
    // The machine's own list of policies would replace the machine when it changes.
    new compute.DiskResourcePolicyAttachment(
      `${name}-snapshots`,
      { name: policy.name, disk: disk.name, zone },
      // A disk takes one schedule at a time.
      { parent: this, deleteBeforeReplace: true },
    );
    this.registerOutputs();
  }
}
