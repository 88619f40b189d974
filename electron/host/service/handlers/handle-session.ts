import { choiceOf } from '../../project/choice-of.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

/** What the dashboard looks at. */
export function handleSession({
  session,
  viewSession,
}: ServiceContext): HandlersOf<'session' | 'project' | 'demo'> {
  return {
    'session.read': () => viewSession(),
    'project.open': async ({ path }) => {
      await session.open(choiceOf(path))
      return viewSession()
    },
    'demo.open': async () => {
      await session.openDemo()
      return viewSession()
    },
  }
}
