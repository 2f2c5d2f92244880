import { projects } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';

/** APIs every stack uses: the machine and its account, ssh by IAP, roles, secrets, releases, uptime checks, logs. */
const APIS = [
  'compute',
  'iam',
  'iap',
  'cloudresourcemanager',
  'secretmanager',
  'storage',
  'monitoring',
  'logging',
] as const;

export interface ServicesArgs {
  readonly project: string;
  /** Whether there is a budget: its API is asked of nobody else. */
  readonly budget: boolean;
}

/** The APIs of a project. They stay on when the stack goes: others in the project may use them. */
export class Services extends ComponentResource {
  constructor(name: string, { project, budget }: ServicesArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Services', name, {}, options);
    for (const api of [...APIS, ...(budget ? ['billingbudgets'] : [])]) {
      new projects.Service(
        `${name}-${api}`,
        {
          project,
          service: `${api}.googleapis.com`,
          disableOnDestroy: false,
          disableDependentServices: false,
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
