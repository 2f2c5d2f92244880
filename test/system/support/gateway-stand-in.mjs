// Stands in for IB Gateway under IBC in a container: the simulated gateway where socat listens, and a command server that
// takes what IBC's takes. RESTART leaves the container as it is; PAUSE and STOP end it, as in the real image.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const settings = process.env.TWS_SETTINGS_PATH;
const say = (text) => console.log(`${new Date().toISOString()} IBC: ${text}`);
let gateway;

function start() {
  const spared = existsSync(`${settings}/autorestart`);
  say(spared ? 'autorestart file found: authentication will not be required' : 'Login attempt: 1');
  gateway = spawn(process.execPath, [`${process.env.HOME}/simulator.mjs`], {
    stdio: 'inherit',
    env: { ...process.env, SIMULATOR_HOST: '0.0.0.0', SIMULATOR_PORT: '4004' },
  });
  say('Login has completed');
}

async function end() {
  gateway.kill('SIGTERM');
  await new Promise((resolve) => gateway.once('exit', resolve));
}

// Milliseconds without an API, minutes with the real one: who waits for it to go looks every few seconds, which a busy
// machine makes more.
const AWAY = 20_000;

const WORDS = {
  STOP: ['Shutting down', async () => end().then(() => process.exit(0))],
  PAUSE: [
    '',
    async () => {
      await end();
      writeFileSync(`${settings}/autorestart`, '');
      process.exit(0);
    },
  ],
  RESTART: ['Restart in progress', async () => end().then(() => setTimeout(start, AWAY))],
};

createServer((socket) => {
  socket.on('error', () => {});
  socket.once('data', (data) => {
    const word = String(data).trim();
    say(`CommandServer received command: ${word}`);
    const [answer, act] = WORDS[word] ?? [];
    socket.end(act ? `OK ${answer}\r\n` : 'ERROR Command invalid\r\n');
    if (act) setTimeout(act, 200);
  });
}).listen(7462, '127.0.0.1');
process.on('SIGTERM', WORDS.STOP[1]);
start();
