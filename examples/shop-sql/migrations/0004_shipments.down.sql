alter table orders drop column delivery_note;
drop table shipments;
alter table customers drop constraint customers_country_check;
