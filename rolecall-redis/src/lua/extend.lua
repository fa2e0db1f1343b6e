-- KEYS 1 lease   ARGV 1 owner  2 milliseconds   Returns 0 if it is another client's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
