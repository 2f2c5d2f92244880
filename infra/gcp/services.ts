import { projects } from '@pulumi/gcp';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';

/** APIs a stack uses: machines, its account, and ssh through Identity-Aware Proxy. */
const APIS = ['compute.googleapis.com', 'iam.googleapis.com', 'iap.googleapis.com'] as const;

export interface ServicesArgs {
  readonly project: string;
}

/** The APIs of a project. They stay on when the stack goes: others in the project may use them. */
export class Services extends ComponentResource {
  constructor(name: string, { project }: ServicesArgs, options: ComponentResourceOptions) {
    super('gatehouse:gcp:Services', name, {}, options);
    for (const service of APIS) {
      const api = service.split('.')[0];
      new projects.Service(
        `${name}-${api}`,
        { project, service, disableOnDestroy: false, disableDependentServices: false },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
