import '@fontsource-variable/inter/wght.css'
import './theme/tokens.css'
import './theme/base.css'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { connectDesktop } from './app/connect-desktop.ts'
import { createCommandCenter } from './commands/command-center.ts'
import { CommandContext } from './commands/use-command.tsx'
import { DashboardProvider } from './store/dashboard-context.tsx'
import { createDashboardStore } from './store/dashboard-store.ts'
import { chooseTransport } from './transport/choose-transport.ts'

const api = chooseTransport(window)
const { store } = createDashboardStore(api, location.hash)
const center = createCommandCenter()
connectDesktop(window, center)

const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <DashboardProvider api={api} store={store}>
      <CommandContext value={center}>
        <App />
      </CommandContext>
    </DashboardProvider>,
  )
