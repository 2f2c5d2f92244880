import plugins from '@pulumi/pulumi/proto/plugin_pb.js';
import providerServices from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import messages from '@pulumi/pulumi/proto/provider_pb.js';
import type { Google } from './google.ts';
import { UNKNOWN } from './google-check.ts';
import { resourceShape } from './google-types.ts';
import { answering, empty, fromStruct, type Served, serve, toStruct } from './grpc.ts';

/** The version of @pulumi/gcp's provider this one stands in for. */
const VERSION = '9.37.0';

/** A resource provider as Pulumi's engine calls it, in front of the recording cloud. */
export function serveProvider(google: Google): Promise<Served> {
  return serve([[providerServices.ResourceProviderService as never, handlers(google) as never]]);
}

function handlers(google: Google) {
  return {
    getPluginInfo: answering(() => new plugins.PluginInfo().setVersion(VERSION)),
    getSchema: answering(() => new messages.GetSchemaResponse().setSchema('{}')),
    attach: answering(() => new empty.Empty()),
    cancel: answering(() => new empty.Empty()),
    checkConfig: answering((request: Check) => checkConfig(request)),
    diffConfig: answering(() => new messages.DiffResponse()),
    configure: answering(() => new messages.ConfigureResponse().setSupportspreview(true)),
    check: answering((request: Check) => check(google, typeOf(request), request)),
    diff: answering((request: Diff) => diff(google, request)),
    create: answering((request: Create) => create(google, request)),
    read: answering((request: Read) => read(google, request)),
    update: answering((request: Update) => update(google, request)),
    delete: answering((request: Delete) => {
      google.delete(request.getId());
      return new empty.Empty();
    }),
  };
}

type Check = InstanceType<typeof messages.CheckRequest>;
type Diff = InstanceType<typeof messages.DiffRequest>;
type Create = InstanceType<typeof messages.CreateRequest>;
type Read = InstanceType<typeof messages.ReadRequest>;
type Update = InstanceType<typeof messages.UpdateRequest>;
type Delete = InstanceType<typeof messages.DeleteRequest>;

/** The settings of a provider: names alone, since each value comes as a text of JSON. */
function checkConfig(request: Check) {
  const shape = resourceShape('pulumi:providers:gcp');
  const own = (name: string) => name.startsWith('__') || ENGINES_OWN.includes(name);
  const response = new messages.CheckResponse().setInputs(request.getNews());
  for (const name of Object.keys(fromStruct(request.getNews())).filter((one) => !own(one) && !shape.has(one)))
    response.addFailures(new messages.CheckFailure().setProperty(name).setReason('is no input'));
  return response;
}

/** What the engine keeps with a provider for itself. */
const ENGINES_OWN = ['version', 'pluginDownloadURL', 'pluginChecksums'];

function check(google: Google, type: string, request: Check) {
  const response = new messages.CheckResponse().setInputs(request.getNews());
  const failures = google.check(type, fromStruct(request.getNews()));
  for (const { property, reason } of failures)
    response.addFailures(new messages.CheckFailure().setProperty(property).setReason(reason));
  return response;
}

function difference(google: Google, request: Diff | Update) {
  const state = fromStruct(request.getOlds());
  const { changes, replaces } = google.diff(
    typeOf(request),
    state,
    fromStruct(request.getOldInputs()),
    fromStruct(request.getNews()),
  );
  // The engine has put back what is to be ignored already; the provider of a bridge looks again.
  const ignored = new Set(request.getIgnorechangesList());
  return { changes: changes.filter(({ path }) => !ignored.has(path)), replaces };
}

function diff(google: Google, request: Diff) {
  const { DiffChanges } = messages.DiffResponse;
  const { changes, replaces } = difference(google, request);
  return new messages.DiffResponse()
    .setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
    .setDiffsList(changes.map(({ path }) => path))
    .setReplacesList([...replaces]);
}

function create(google: Google, request: Create) {
  const inputs = fromStruct(request.getProperties());
  const [type, name] = [typeOf(request), nameOf(request)];
  if (request.getPreview()) return new messages.CreateResponse().setProperties(toStruct(inputs));
  const id = google.create(type, name, inputs);
  return new messages.CreateResponse().setId(id).setProperties(toStruct(google.state(type, name, inputs)));
}

/** An empty id says that the resource is gone. */
function read(google: Google, request: Read) {
  const inputs = google.read(request.getId());
  if (!inputs) return new messages.ReadResponse();
  const state = google.state(typeOf(request), nameOf(request), inputs);
  return new messages.ReadResponse()
    .setId(request.getId())
    .setInputs(toStruct(inputs))
    .setProperties(toStruct(state));
}

function update(google: Google, request: Update) {
  const inputs = fromStruct(request.getNews());
  const [type, name] = [typeOf(request), nameOf(request)];
  const { changes } = difference(google, request);
  if (!request.getPreview() && !JSON.stringify(inputs).includes(UNKNOWN))
    google.update(request.getId(), type, name, changes, inputs);
  return new messages.UpdateResponse().setProperties(toStruct(google.state(type, name, inputs)));
}

interface OfResource {
  getUrn(): string;
}

/** urn:pulumi:<stack>::<project>::<types of the parents>$<type>::<name> */
function typeOf(request: OfResource): string {
  return request.getUrn().split('::')[2]?.split('$').at(-1) ?? '';
}

function nameOf(request: OfResource): string {
  return request.getUrn().split('::').slice(3).join('::');
}
