-- How many living subscriptions still have their secret in the clear. Index subscription_unsealed.
select count(*) from subscription where secret not like '§%' and status <> 'ended'
