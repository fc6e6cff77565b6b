/** node:timers/promises and the global setImmediate: the next turn, without the 4 ms that a browser adds to setTimeout(…, 0). */

const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.addEventListener('message', () => waiting.shift()?.());
port1.start();

export function nextTurn(call: () => void): void {
  waiting.push(call);
  port2.postMessage(null);
}

export function setImmediate(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve));
}
