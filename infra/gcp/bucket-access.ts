import { storage } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { HostAccount } from './host-account.ts';
import { BUCKET_FOLDERS, type ReleaseBucket } from './release-bucket.ts';

export interface BucketAccessArgs {
  readonly bucket: Pick<ReleaseBucket, 'bucket'>;
  readonly account: Pick<HostAccount, 'member'>;
}

/** What the machine may do in the bucket: read releases, add backups; neither read nor remove a backup. */
export class BucketAccess extends ComponentResource {
  constructor(name: string, { bucket, account }: BucketAccessArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:BucketAccess', name, {}, options);
    const grant = (folder: keyof typeof BUCKET_FOLDERS, role: string) =>
      new storage.BucketIAMMember(
        `${name}-${folder}`,
        {
          bucket: bucket.bucket,
          role,
          member: account.member,
          condition: {
            title: `${folder} only`,
            expression: bucket.bucket.apply((own) => below(own, BUCKET_FOLDERS[folder])),
          },
        },
        { parent: this },
      );
    grant('releases', 'roles/storage.objectViewer');
    grant('backups', 'roles/storage.objectCreator');
    this.registerOutputs();
  }
}

/** A condition of Google's IAM: objects whose name starts so. */
function below(bucket: string, folder: string): string {
  return `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${folder}")`;
}
