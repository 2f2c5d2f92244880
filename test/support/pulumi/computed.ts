/** A resource as a program asked for it. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What a provider would add to the inputs of a resource, as far as our program reads it. */
export function computed({ type, name, inputs }: Registered): Record<string, unknown> {
  const email = `${inputs.accountId}@test.iam.gserviceaccount.com`;
  switch (type) {
    case 'gcp:compute/address:Address':
      return { address: '203.0.113.7' };
    case 'gcp:compute/disk:Disk':
      return { selfLink: `https://compute/disks/${name}` };
    case 'gcp:serviceaccount/account:Account':
      return { email, name: `projects/test/serviceAccounts/${email}` };
    case 'gcp:storage/bucket:Bucket':
      return { projectNumber: 123456789012 };
    case 'gcp:monitoring/notificationChannel:NotificationChannel':
      return { name: `projects/test/notificationChannels/${name}` };
    case 'gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig':
      return { uptimeCheckId: `${name}-check` };
    case 'docker:index/remoteImage:RemoteImage':
      return { imageId: `sha256:of ${inputs.name}` };
    default:
      return {};
  }
}

/** The id a provider would give. */
export function idOf({ name }: Registered): string {
  return `${name}-id`;
}
