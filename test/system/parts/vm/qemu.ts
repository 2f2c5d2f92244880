import { join } from 'node:path';
import { sh } from '../shell.ts';
import type { VmBase } from './base.ts';
import type { MachineOptions } from './machine.ts';
import type { VmNetwork } from './network.ts';

/**
 * Why each: no emulated BIOS disk service, no frequency driver that asks for a processor that is not there, no colours;
 * a clock that is read without a call to the kernel, and no detours around faults of real processors.
 */
const KERNEL_LINE = [
  ...['root=/dev/vda', 'rw', 'console=ttyS0', 'net.ifnames=0', 'edd=off'],
  ...['module_blacklist=powernow_k8', 'systemd.log_color=0'],
  ...['tsc=reliable', 'clocksource=tsc', 'mitigations=off', 'audit=0'],
].join(' ');

/** What costs an emulator much and a test nothing: a fifth level of page tables, and guards checked at each access. */
const CPU = 'max,la57=off,smap=off,smep=off,umip=off,pku=off';

/** Makes the two disks of a run: a layer over the base, and a blank one. */
export async function makeDisks(
  { disk }: VmBase,
  folder: string,
  { dataDisk }: MachineOptions,
): Promise<void> {
  await sh`qemu-img create -q -f qcow2 -F raw -b ${disk} ${join(folder, 'root.qcow2')}`;
  await sh`qemu-img create -q -f qcow2 ${join(folder, 'data.qcow2')} ${dataDisk.sizeGb}G`;
}

/** The emulator's flags. Software emulation throughout: where nested virtualisation is offered it may hang, and nothing here needs the speed. */
export function qemuFlags(
  base: VmBase,
  folder: string,
  network: VmNetwork,
  options: MachineOptions,
): string[] {
  const { memoryMb, cpus, dataDisk } = options;
  return [
    ...['-accel', 'tcg,thread=multi,tb-size=1024', '-machine', 'pc,hpet=off', '-cpu', CPU],
    ...['-smp', `${cpus}`, '-m', `${memoryMb}`],
    ...['-nodefaults', '-nographic', '-serial', 'stdio'],
    ...['-qmp', `unix:${network.monitor},server=on,wait=off`],
    ...['-kernel', base.kernel, '-initrd', base.initrd, '-append', KERNEL_LINE],
    ...driveFlags('root', join(folder, 'root.qcow2')),
    ...driveFlags('data', join(folder, 'data.qcow2'), dataDisk.name),
    ...['-device', 'virtio-rng-pci'],
    ...network.qemuFlags,
  ];
}

/** The overlay is thrown away, so what the guest flushes need not reach this machine's disk. */
function driveFlags(id: string, file: string, serial = id): string[] {
  return [
    ...['-drive', `if=none,id=${id},file=${file},format=qcow2,cache=unsafe,discard=unmap`],
    ...['-device', `virtio-blk-pci,drive=${id},id=${id}-disk,serial=${serial}`],
  ];
}
