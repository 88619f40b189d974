import { Gauge, GitBranch, ListChecks, type LucideIcon, Network, Settings } from 'lucide-react'
import { Link } from '../route/link.tsx'
import { routeTo, type ScreenName } from '../route/route.ts'
import { useDashboard } from '../store/dashboard-context.tsx'
import styles from './side-bar.module.css'

const entries: readonly { readonly screen: ScreenName; readonly title: string; readonly icon: LucideIcon }[] =
  [
    { screen: 'overview', title: 'Overview', icon: Gauge },
    { screen: 'topology', title: 'Topology', icon: Network },
    { screen: 'plan', title: 'Plan', icon: GitBranch },
    { screen: 'runs', title: 'Runs', icon: ListChecks },
    { screen: 'settings', title: 'Settings', icon: Settings },
  ]

/** The five places. */
export function SideBar() {
  const current = useDashboard(state => state.route.screen)
  const active = useDashboard(state => state.session?.activeRuns.length ?? 0)
  return (
    <nav className={styles.bar} aria-label="Screens">
      <ul>
        {entries.map(({ screen, title, icon: Icon }) => (
          <li key={screen}>
            <Link to={routeTo(screen)} className={styles.link} isCurrent={screen === current}>
              <Icon size={16} aria-hidden="true" />
              {title}
              {screen === 'runs' && active > 0 && (
                <span className={styles.count}>
                  {active}
                  <span className="visually-hidden"> at work</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
