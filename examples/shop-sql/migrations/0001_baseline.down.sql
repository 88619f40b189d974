drop trigger customers_normalise_email on customers;
drop function normalise_email();
drop view order_totals;
drop table order_items;
drop table orders;
drop table products;
drop table customers;
drop table company;
drop type order_status;
