// Update: installs the service worker, and tells when a newer application waits.

import { signal } from "./signal";

/** The newer worker that waits for its turn, if there is one. */
export const waiting = signal<ServiceWorker | null>(null);

export function keepOffline(): void {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const { serviceWorker } = navigator;
  const hadOne = Boolean(serviceWorker.controller);
  serviceWorker.addEventListener("controllerchange", () => hadOne && location.reload());
  serviceWorker
    .register("/start/sw.js", { scope: "/start", updateViaCache: "none" })
    .then(follow)
    .catch(() => undefined); // without it the application works, but not without a network
}

function follow(registration: ServiceWorkerRegistration): void {
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) waiting.set(registration.waiting);
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
}

export function takeOver(): void {
  waiting.get()?.postMessage("take over");
}
