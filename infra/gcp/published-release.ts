import { storage } from '@pulumi/gcp';
import { asset, ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import { BUCKET_FOLDERS, type ReleaseBucket } from './release-bucket.ts';

export interface PublishedReleaseArgs {
  readonly bucket: Pick<ReleaseBucket, 'bucket'>;
  /** Id of the release. */
  readonly id: string;
  /** The release as one file on this machine. */
  readonly archive: string;
}

/**
 * The release in the bucket, under its id. Another id is another object: it is there before the machine is told of
 * it, and the one before goes last (its version stays for a while).
 */
export class PublishedRelease extends ComponentResource {
  constructor(
    name: string,
    { bucket, id, archive }: PublishedReleaseArgs,
    options: ComponentResourceOptions,
  ) {
    super('gatehouse:gcp:PublishedRelease', name, {}, options);
    new storage.BucketObject(
      `${name}-release`,
      {
        bucket: bucket.bucket,
        name: `${BUCKET_FOLDERS.releases}${id}.tar.gz`,
        contentType: 'application/gzip',
        source: new asset.FileAsset(archive),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
