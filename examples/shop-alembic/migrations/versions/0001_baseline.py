"""baseline

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
