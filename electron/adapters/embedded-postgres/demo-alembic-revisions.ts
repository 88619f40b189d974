/** A revision file of the demo's Alembic project. */
export interface AlembicRevisionFile {
  readonly file: string
  readonly text: string
}

const baseline = `"""baseline

Revision ID: 0001
Revises:
Create Date: 2025-01-06 09:12:44.120934

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0001'
down_revision: Union[str, Sequence[str], None] = None
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'company',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='company_pkey'),
        sa.CheckConstraint('id = 1', name='company_single_row'),
    )
    op.create_table(
        'customers',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('email', sa.Text(), nullable=True),
        sa.Column('country', sa.String(length=2), server_default='NL', nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='customers_pkey'),
    )
    op.create_table(
        'products',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('sku', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('price_cents', sa.Integer(), nullable=False),
        sa.Column('is_active', sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='products_pkey'),
        sa.UniqueConstraint('sku', name='products_sku_key'),
        sa.CheckConstraint('price_cents > 0', name='products_price_cents_check'),
    )
    op.create_table(
        'orders',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('customer_id', sa.BigInteger(), nullable=False),
        sa.Column(
            'status',
            sa.Enum('new', 'paid', 'shipped', 'cancelled', name='order_status'),
            server_default='new',
            nullable=False,
        ),
        sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='orders_pkey'),
        sa.ForeignKeyConstraint(['customer_id'], ['customers.id'], name='orders_customer_id_fkey'),
    )
    op.create_index('orders_customer_id_idx', 'orders', ['customer_id'])
    op.create_table(
        'order_items',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('product_id', sa.BigInteger(), nullable=False),
        sa.Column('quantity', sa.Integer(), nullable=False),
        sa.Column('unit_price_cents', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name='order_items_pkey'),
        sa.ForeignKeyConstraint(
            ['order_id'], ['orders.id'], name='order_items_order_id_fkey', ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(['product_id'], ['products.id'], name='order_items_product_id_fkey'),
        sa.CheckConstraint('quantity > 0', name='order_items_quantity_check'),
    )
    op.create_index('order_items_order_id_idx', 'order_items', ['order_id'])
    op.execute(
        """
        create view order_totals as
          select order_id, sum(quantity * unit_price_cents) as total_cents
          from order_items
          group by order_id
        """
    )
    op.execute(
        """create function normalise_email() returns trigger language plpgsql as $$
begin
  new.email := lower(trim(new.email));
  return new;
end
$$"""
    )
    op.execute(
        """
        create trigger customers_normalise_email before insert or update of email on customers
          for each row execute function normalise_email()
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('drop trigger customers_normalise_email on customers')
    op.execute('drop function normalise_email()')
    op.execute('drop view order_totals')
    op.drop_table('order_items')
    op.drop_table('orders')
    op.drop_table('products')
    op.drop_table('customers')
    op.drop_table('company')
    op.execute('drop type order_status')
`

const billing = `"""billing

Revision ID: 0002
Revises: 0001
Create Date: 2025-03-17 14:40:02.775310

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0002'
down_revision: Union[str, Sequence[str], None] = '0001'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        'invoices',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('order_id', sa.BigInteger(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='invoices_pkey'),
        sa.UniqueConstraint('number', name='invoices_number_key'),
        sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name='invoices_order_id_fkey'),
    )
    op.create_index('invoices_order_id_idx', 'invoices', ['order_id'])
    op.create_table(
        'payments',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('invoice_id', sa.BigInteger(), nullable=False),
        sa.Column(
            'method',
            sa.Enum('card', 'transfer', 'direct_debit', name='payment_method'),
            nullable=False,
        ),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('paid_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='payments_pkey'),
        sa.ForeignKeyConstraint(['invoice_id'], ['invoices.id'], name='payments_invoice_id_fkey'),
        sa.CheckConstraint('amount_cents > 0', name='payments_amount_cents_check'),
    )
    op.create_index('payments_invoice_id_idx', 'payments', ['invoice_id'])
    op.add_column(
        'customers',
        sa.Column('newsletter', sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute(
        """
        create view open_invoices as
          select invoices.id, invoices.number, invoices.amount_cents
          from invoices
          where not exists (select from payments where payments.invoice_id = invoices.id)
        """
    )


def downgrade() -> None:
    """Downgrade schema."""
    op.execute('drop view open_invoices')
    op.drop_column('customers', 'newsletter')
    op.drop_table('payments')
    op.drop_table('invoices')
    op.execute('drop type payment_method')
`

const refunds = `"""refunds

Revision ID: 0003
Revises: 0002
Create Date: 2025-06-02 11:05:31.402718

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '0003'
down_revision: Union[str, Sequence[str], None] = '0002'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_unique_constraint('customers_email_key', 'customers', ['email'])
    op.create_table(
        'refunds',
        sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column('payment_id', sa.BigInteger(), nullable=False),
        sa.Column('amount_cents', sa.Integer(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('refunded_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name='refunds_pkey'),
        sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name='refunds_payment_id_fkey'),
        sa.CheckConstraint('amount_cents > 0', name='refunds_amount_cents_check'),
    )
    op.create_index('refunds_payment_id_idx', 'refunds', ['payment_id'])
    op.add_column('orders', sa.Column('total_cents', sa.Integer(), nullable=True))
    fill_order_totals()
    op.alter_column('orders', 'total_cents', nullable=False)


def fill_order_totals() -> None:
    """Work in slices; how many there are depends on the rows of this database."""
    connection = op.get_bind()
    last = connection.execute(sa.text('select coalesce(max(id), 0) from orders')).scalar_one()
    fill = sa.text(
        """
        update orders set total_cents = coalesce(
          (select sum(quantity * unit_price_cents) from order_items where order_id = orders.id), 0)
        where id between :first and :last
        """
    )
    for first in range(1, last + 1, 2000):
        connection.execute(fill, {'first': first, 'last': first + 1999})


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_column('orders', 'total_cents')
    op.drop_table('refunds')
    op.drop_constraint('customers_email_key', 'customers', type_='unique')
`

/** The same schema as `demoSqlRevisions`, the way an Alembic project writes it; a test compares the two. */
export const demoAlembicRevisions: readonly AlembicRevisionFile[] = [
  { file: '0001_baseline.py', text: baseline },
  { file: '0002_billing.py', text: billing },
  { file: '0003_refunds.py', text: refunds },
]
