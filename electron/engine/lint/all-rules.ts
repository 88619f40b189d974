import type { LintRule } from './lint-rule.ts'
import { addColumnWithCheck } from './rules/add-column-with-check.ts'
import { addColumnWithForeignKey } from './rules/add-column-with-foreign-key.ts'
import { addColumnWithUnique } from './rules/add-column-with-unique.ts'
import { addColumnWithVolatileDefault } from './rules/add-column-with-volatile-default.ts'
import { addGeneratedColumn } from './rules/add-generated-column.ts'
import { addIdentityColumn } from './rules/add-identity-column.ts'
import { addNotNullColumnWithoutDefault } from './rules/add-not-null-column-without-default.ts'
import { addSerialColumn } from './rules/add-serial-column.ts'
import { alterDomainAddConstraint } from './rules/alter-domain-add-constraint.ts'
import { attachPartitionWithoutCheck } from './rules/attach-partition-without-check.ts'
import { backfillWithSchemaChange } from './rules/backfill-with-schema-change.ts'
import { changeColumnType } from './rules/change-column-type.ts'
import { changesTimeout } from './rules/changes-timeout.ts'
import { charColumn } from './rules/char-column.ts'
import { checkWithoutNotValid } from './rules/check-without-not-valid.ts'
import { clusterTable } from './rules/cluster-table.ts'
import { clusterWideObject } from './rules/cluster-wide-object.ts'
import { concurrentlyInTransaction } from './rules/concurrently-in-transaction.ts'
import { createEnum } from './rules/create-enum.ts'
import { createExtension } from './rules/create-extension.ts'
import { createTrigger } from './rules/create-trigger.ts'
import { detachPartitionWithoutConcurrently } from './rules/detach-partition-without-concurrently.ts'
import { disableRowLevelSecurity } from './rules/disable-row-level-security.ts'
import { disableTrigger } from './rules/disable-trigger.ts'
import { domainWithConstraint } from './rules/domain-with-constraint.ts'
import { dropCascade } from './rules/drop-cascade.ts'
import { dropColumn } from './rules/drop-column.ts'
import { dropDatabase } from './rules/drop-database.ts'
import { dropIndexWithoutConcurrently } from './rules/drop-index-without-concurrently.ts'
import { dropNotNull } from './rules/drop-not-null.ts'
import { dropSchema } from './rules/drop-schema.ts'
import { dropTable } from './rules/drop-table.ts'
import { duplicateIndex } from './rules/duplicate-index.ts'
import { enumValueUsedInSameTransaction } from './rules/enum-value-used-in-same-transaction.ts'
import { enumValueWithoutPosition } from './rules/enum-value-without-position.ts'
import { exclusionConstraint } from './rules/exclusion-constraint.ts'
import { foreignKeyWithoutIndex } from './rules/foreign-key-without-index.ts'
import { foreignKeyWithoutNotValid } from './rules/foreign-key-without-not-valid.ts'
import { grantToPublic } from './rules/grant-to-public.ts'
import { ifNotExistsWithConcurrently } from './rules/if-not-exists-with-concurrently.ts'
import { indexWithoutConcurrently } from './rules/index-without-concurrently.ts'
import { integerColumn } from './rules/integer-column.ts'
import { integerPrimaryKey } from './rules/integer-primary-key.ts'
import { jsonColumn } from './rules/json-column.ts'
import { lockTable } from './rules/lock-table.ts'
import { missingIfExists } from './rules/missing-if-exists.ts'
import { mixedTransactionModes } from './rules/mixed-transaction-modes.ts'
import { moveToSchema } from './rules/move-to-schema.ts'
import { primaryKeyOnNullableColumns } from './rules/primary-key-on-nullable-columns.ts'
import { primaryKeyWithoutIndex } from './rules/primary-key-without-index.ts'
import { psqlCommand } from './rules/psql-command.ts'
import { refreshWithoutConcurrently } from './rules/refresh-without-concurrently.ts'
import { reindexWithoutConcurrently } from './rules/reindex-without-concurrently.ts'
import { renameColumn } from './rules/rename-column.ts'
import { renameEnumValue } from './rules/rename-enum-value.ts'
import { renameSchema } from './rules/rename-schema.ts'
import { renameTable } from './rules/rename-table.ts'
import { replicationRoleChanged } from './rules/replication-role-changed.ts'
import { rowsHiddenByPolicy } from './rules/rows-hidden-by-policy.ts'
import { securityDefinerWithoutSearchPath } from './rules/security-definer-without-search-path.ts'
import { serialColumn } from './rules/serial-column.ts'
import { setAccessMethod } from './rules/set-access-method.ts'
import { setExpression } from './rules/set-expression.ts'
import { setLogged } from './rules/set-logged.ts'
import { setNotNullWithoutCheck } from './rules/set-not-null-without-check.ts'
import { setTablespace } from './rules/set-tablespace.ts'
import { severalAlterTables } from './rules/several-alter-tables.ts'
import { severalExclusiveLocks } from './rules/several-exclusive-locks.ts'
import { smallintColumn } from './rules/smallint-column.ts'
import { statementsAfterExclusiveLock } from './rules/statements-after-exclusive-lock.ts'
import { syntaxError } from './rules/syntax-error.ts'
import { tableWithoutPrimaryKey } from './rules/table-without-primary-key.ts'
import { tableWithoutSchema } from './rules/table-without-schema.ts'
import { timestampWithoutTimeZone } from './rules/timestamp-without-time-zone.ts'
import { transactionControl } from './rules/transaction-control.ts'
import { truncateCascade } from './rules/truncate-cascade.ts'
import { truncateTable } from './rules/truncate-table.ts'
import { uniqueConstraintWithoutIndex } from './rules/unique-constraint-without-index.ts'
import { unknownRuleInWaiver } from './rules/unknown-rule-in-waiver.ts'
import { unseenCode } from './rules/unseen-code.ts'
import { unseenRevision } from './rules/unseen-revision.ts'
import { unusedWaiver } from './rules/unused-waiver.ts'
import { updateWithoutWhere } from './rules/update-without-where.ts'
import { vacuumFull } from './rules/vacuum-full.ts'
import { validateInSameTransaction } from './rules/validate-in-same-transaction.ts'
import { varcharColumn } from './rules/varchar-column.ts'
import { waiverWithoutReason } from './rules/waiver-without-reason.ts'
import { wideIndex } from './rules/wide-index.ts'

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
