-- Where the chains end. Few.
select chain, number, hash from audit_chain order by chain
