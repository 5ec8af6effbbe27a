-- R9. Subscriptions that have caught up. $1 ids. Index behind_pkey.
delete from behind where subscription_id = any($1::int8[])
