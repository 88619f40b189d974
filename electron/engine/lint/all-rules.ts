import type { LintRule } from './rule/lint-rule.ts'
import { addColumnWithCheck } from './rules/columns/add-column-with-check.ts'
import { addColumnWithForeignKey } from './rules/columns/add-column-with-foreign-key.ts'
import { addColumnWithUnique } from './rules/columns/add-column-with-unique.ts'
import { addColumnWithVolatileDefault } from './rules/columns/add-column-with-volatile-default.ts'
import { addGeneratedColumn } from './rules/columns/add-generated-column.ts'
import { addIdentityColumn } from './rules/columns/add-identity-column.ts'
import { addNotNullColumnWithoutDefault } from './rules/columns/add-not-null-column-without-default.ts'
import { addSerialColumn } from './rules/columns/add-serial-column.ts'
import { changeColumnType } from './rules/columns/change-column-type.ts'
import { dropColumn } from './rules/columns/drop-column.ts'
import { dropNotNull } from './rules/columns/drop-not-null.ts'
import { renameColumn } from './rules/columns/rename-column.ts'
import { setExpression } from './rules/columns/set-expression.ts'
import { setNotNullWithoutCheck } from './rules/columns/set-not-null-without-check.ts'
import { checkWithoutNotValid } from './rules/constraints/check-without-not-valid.ts'
import { exclusionConstraint } from './rules/constraints/exclusion-constraint.ts'
import { foreignKeyWithoutIndex } from './rules/constraints/foreign-key-without-index.ts'
import { foreignKeyWithoutNotValid } from './rules/constraints/foreign-key-without-not-valid.ts'
import { primaryKeyOnNullableColumns } from './rules/constraints/primary-key-on-nullable-columns.ts'
import { primaryKeyWithoutIndex } from './rules/constraints/primary-key-without-index.ts'
import { uniqueConstraintWithoutIndex } from './rules/constraints/unique-constraint-without-index.ts'
import { validateInSameTransaction } from './rules/constraints/validate-in-same-transaction.ts'
import { concurrentlyInTransaction } from './rules/indexes/concurrently-in-transaction.ts'
import { dropIndexWithoutConcurrently } from './rules/indexes/drop-index-without-concurrently.ts'
import { duplicateIndex } from './rules/indexes/duplicate-index.ts'
import { ifNotExistsWithConcurrently } from './rules/indexes/if-not-exists-with-concurrently.ts'
import { indexWithoutConcurrently } from './rules/indexes/index-without-concurrently.ts'
import { refreshWithoutConcurrently } from './rules/indexes/refresh-without-concurrently.ts'
import { reindexWithoutConcurrently } from './rules/indexes/reindex-without-concurrently.ts'
import { wideIndex } from './rules/indexes/wide-index.ts'
import { clusterWideObject } from './rules/reach/cluster-wide-object.ts'
import { createExtension } from './rules/reach/create-extension.ts'
import { disableRowLevelSecurity } from './rules/reach/disable-row-level-security.ts'
import { dropDatabase } from './rules/reach/drop-database.ts'
import { grantToPublic } from './rules/reach/grant-to-public.ts'
import { psqlCommand } from './rules/reach/psql-command.ts'
import { replicationRoleChanged } from './rules/reach/replication-role-changed.ts'
import { rowsHiddenByPolicy } from './rules/reach/rows-hidden-by-policy.ts'
import { securityDefinerWithoutSearchPath } from './rules/reach/security-definer-without-search-path.ts'
import { unseenCode } from './rules/reach/unseen-code.ts'
import { unseenRevision } from './rules/reach/unseen-revision.ts'
import { attachPartitionWithoutCheck } from './rules/tables/attach-partition-without-check.ts'
import { clusterTable } from './rules/tables/cluster-table.ts'
import { createTrigger } from './rules/tables/create-trigger.ts'
import { detachPartitionWithoutConcurrently } from './rules/tables/detach-partition-without-concurrently.ts'
import { disableTrigger } from './rules/tables/disable-trigger.ts'
import { dropCascade } from './rules/tables/drop-cascade.ts'
import { dropSchema } from './rules/tables/drop-schema.ts'
import { dropTable } from './rules/tables/drop-table.ts'
import { lockTable } from './rules/tables/lock-table.ts'
import { moveToSchema } from './rules/tables/move-to-schema.ts'
import { renameSchema } from './rules/tables/rename-schema.ts'
import { renameTable } from './rules/tables/rename-table.ts'
import { setAccessMethod } from './rules/tables/set-access-method.ts'
import { setLogged } from './rules/tables/set-logged.ts'
import { setTablespace } from './rules/tables/set-tablespace.ts'
import { severalAlterTables } from './rules/tables/several-alter-tables.ts'
import { tableWithoutPrimaryKey } from './rules/tables/table-without-primary-key.ts'
import { tableWithoutSchema } from './rules/tables/table-without-schema.ts'
import { truncateCascade } from './rules/tables/truncate-cascade.ts'
import { truncateTable } from './rules/tables/truncate-table.ts'
import { vacuumFull } from './rules/tables/vacuum-full.ts'
import { backfillWithSchemaChange } from './rules/transactions/backfill-with-schema-change.ts'
import { changesTimeout } from './rules/transactions/changes-timeout.ts'
import { missingIfExists } from './rules/transactions/missing-if-exists.ts'
import { mixedTransactionModes } from './rules/transactions/mixed-transaction-modes.ts'
import { severalExclusiveLocks } from './rules/transactions/several-exclusive-locks.ts'
import { statementsAfterExclusiveLock } from './rules/transactions/statements-after-exclusive-lock.ts'
import { syntaxError } from './rules/transactions/syntax-error.ts'
import { transactionControl } from './rules/transactions/transaction-control.ts'
import { updateWithoutWhere } from './rules/transactions/update-without-where.ts'
import { alterDomainAddConstraint } from './rules/types/alter-domain-add-constraint.ts'
import { charColumn } from './rules/types/char-column.ts'
import { createEnum } from './rules/types/create-enum.ts'
import { domainWithConstraint } from './rules/types/domain-with-constraint.ts'
import { enumValueUsedInSameTransaction } from './rules/types/enum-value-used-in-same-transaction.ts'
import { enumValueWithoutPosition } from './rules/types/enum-value-without-position.ts'
import { integerColumn } from './rules/types/integer-column.ts'
import { integerPrimaryKey } from './rules/types/integer-primary-key.ts'
import { jsonColumn } from './rules/types/json-column.ts'
import { renameEnumValue } from './rules/types/rename-enum-value.ts'
import { serialColumn } from './rules/types/serial-column.ts'
import { smallintColumn } from './rules/types/smallint-column.ts'
import { timestampWithoutTimeZone } from './rules/types/timestamp-without-time-zone.ts'
import { varcharColumn } from './rules/types/varchar-column.ts'
import { unknownRuleInWaiver } from './rules/waivers/unknown-rule-in-waiver.ts'
import { unusedWaiver } from './rules/waivers/unused-waiver.ts'
import { waiverWithoutReason } from './rules/waivers/waiver-without-reason.ts'

/** Every rule, in the order in which what it finds in a statement is shown. */
export const allRules: readonly LintRule[] = [
  indexWithoutConcurrently,
  dropIndexWithoutConcurrently,
  reindexWithoutConcurrently,
  duplicateIndex,
  wideIndex,
  ifNotExistsWithConcurrently,
  concurrentlyInTransaction,
  mixedTransactionModes,
  foreignKeyWithoutNotValid,
  checkWithoutNotValid,
  validateInSameTransaction,
  setNotNullWithoutCheck,
  addNotNullColumnWithoutDefault,
  addColumnWithVolatileDefault,
  addColumnWithForeignKey,
  addColumnWithUnique,
  addColumnWithCheck,
  addSerialColumn,
  addIdentityColumn,
  addGeneratedColumn,
  setExpression,
  changeColumnType,
  renameColumn,
  renameTable,
  renameSchema,
  moveToSchema,
  dropColumn,
  dropTable,
  dropSchema,
  dropDatabase,
  dropCascade,
  truncateTable,
  truncateCascade,
  integerPrimaryKey,
  integerColumn,
  smallintColumn,
  serialColumn,
  varcharColumn,
  charColumn,
  timestampWithoutTimeZone,
  jsonColumn,
  uniqueConstraintWithoutIndex,
  primaryKeyWithoutIndex,
  primaryKeyOnNullableColumns,
  exclusionConstraint,
  severalExclusiveLocks,
  statementsAfterExclusiveLock,
  severalAlterTables,
  backfillWithSchemaChange,
  updateWithoutWhere,
  lockTable,
  vacuumFull,
  clusterTable,
  refreshWithoutConcurrently,
  createTrigger,
  disableTrigger,
  replicationRoleChanged,
  disableRowLevelSecurity,
  enumValueUsedInSameTransaction,
  enumValueWithoutPosition,
  renameEnumValue,
  createEnum,
  domainWithConstraint,
  alterDomainAddConstraint,
  createExtension,
  setTablespace,
  setLogged,
  setAccessMethod,
  attachPartitionWithoutCheck,
  detachPartitionWithoutConcurrently,
  transactionControl,
  changesTimeout,
  clusterWideObject,
  missingIfExists,
  grantToPublic,
  rowsHiddenByPolicy,
  securityDefinerWithoutSearchPath,
  dropNotNull,
  syntaxError,
  psqlCommand,
  unseenCode,
  unseenRevision,
  tableWithoutSchema,
  tableWithoutPrimaryKey,
  foreignKeyWithoutIndex,
  waiverWithoutReason,
  unknownRuleInWaiver,
  unusedWaiver,
]
