import type { AppDeps } from './deps.ts';
import { createFront } from './front.ts';
import type { Listener } from './listener.ts';
import type { QuickPages } from './quick-pages.ts';

/**
 * What stands at the door: /ping and /health are answered at once, and the framework with all its routes and schemas
 * is loaded when somebody asks for more. A bridge that nobody asks starts sooner and stays small.
 */
export function createEntrance(deps: AppDeps, pages: QuickPages): Listener {
  const front = createFront(pages, deps.isClosing);
  let loading: Promise<Listener> | undefined;
  let loaded: Listener | undefined;
  const load = () => {
    loading ??= import('./listener.ts').then(({ createListener }) => {
      loaded = createListener(deps);
      return loaded;
    });
    return loading;
  };
  return {
    request(request, response) {
      if (front(request, response)) return;
      if (loaded) loaded.request(request, response);
      else void load().then((listener) => listener.request(request, response));
    },
    upgrade(request, socket, head) {
      void load().then((listener) => listener.upgrade(request, socket, head));
    },
  };
}
