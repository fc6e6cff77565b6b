/**
 * The search is fetched when the page is idle (Starlight's Search.astro), and a browser that is busy, or draws nothing, may never
 * call a page idle: one in ten loads in headless Chromium had no search. So idle is after two seconds, whatever happens.
 */
const whenIdle = window.requestIdleCallback;
if (whenIdle) window.requestIdleCallback = (work, options) => whenIdle.call(window, work, { timeout: 2000, ...options });
