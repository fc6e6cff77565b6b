/** Makes this page and the lab work without a network from the next visit on: site/public/offline.js. */

/** A browser that takes longer runs the lab all the same. */
const patienceMs = 3000;

/** Resolves when what is loaded from now on is kept, or when this browser keeps nothing. `base`: of the site, without a slash at the end. */
export async function keepOffline(base: string): Promise<void> {
  // Without https there is none.
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return;
  try {
    await container.register(`${base}/offline.js`, { scope: `${base}/` });
    await Promise.race([controlled(container), new Promise((resolve) => setTimeout(resolve, patienceMs))]);
    const loaded = performance.getEntriesByType('resource').map(({ name }) => name);
    container.controller?.postMessage({ keep: [location.href.replace(/#.*/, ''), ...loaded] });
  } catch {
    // Private windows of some browsers refuse: then the next visit needs the network.
  }
}

async function controlled(container: ServiceWorkerContainer): Promise<void> {
  await container.ready;
  if (container.controller) return;
  await new Promise((resolve) => container.addEventListener('controllerchange', resolve, { once: true }));
}
