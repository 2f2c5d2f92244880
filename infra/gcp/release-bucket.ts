import { storage } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';

/** Folders of the bucket, by who may do what there. */
export const BUCKET_FOLDERS = { releases: 'releases/', backups: 'backups/' } as const;

const DAYS = { oldVersion: 30, backup: 90, abortedUpload: 1 };

export interface ReleaseBucketArgs {
  /** One space of names for all of Google. */
  readonly bucket: string;
  readonly region: string;
}

/**
 * Releases, which the machine reads, and backups, which it adds. Protected, for the backups' sake; once that is
 * lifted on purpose, it goes with all it holds.
 */
export class ReleaseBucket extends ComponentResource {
  /** Name of the bucket, once it is there. */
  readonly bucket: Output<string>;
  /** Number of the project it is in: Google's budgets know projects by number alone. */
  readonly projectNumber: Output<number>;

  constructor(name: string, { bucket, region }: ReleaseBucketArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:ReleaseBucket', name, {}, options);
    const made = new storage.Bucket(
      name,
      {
        name: bucket,
        location: region.toUpperCase(),
        uniformBucketLevelAccess: true,
        publicAccessPrevention: 'enforced',
        forceDestroy: true,
        versioning: { enabled: true },
        // Old versions do the same, and soft-deleted bytes are billed.
        softDeletePolicy: { retentionDurationSeconds: 0 },
        lifecycleRules: lifecycle(),
      },
      { parent: this, protect: true },
    );
    this.bucket = made.name;
    this.projectNumber = made.projectNumber;
    this.registerOutputs();
  }
}

function lifecycle() {
  return [
    { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: DAYS.oldVersion } },
    {
      action: { type: 'Delete' },
      condition: { age: DAYS.backup, matchesPrefixes: [BUCKET_FOLDERS.backups] },
    },
    { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: DAYS.abortedUpload } },
  ];
}
