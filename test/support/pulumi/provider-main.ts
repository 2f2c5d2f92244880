import { FileStore } from './file-store.ts';
import { Google } from './google.ts';
import { serveProvider } from './provider.ts';

// The recording provider as a process of its own: a Pulumi engine starts it as `pulumi-resource-gcp`, and reads its
// port from the first line. RECORDING_CLOUD is the file that stands in for Google.
const cloud = process.env.RECORDING_CLOUD;
if (cloud === undefined) throw new Error('RECORDING_CLOUD must name the file of the recording cloud');
const { address } = await serveProvider(new Google(new FileStore(cloud)));
console.log(address.split(':').at(-1));
