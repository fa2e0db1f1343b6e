-- KEYS 1 lease  2 hold  3 failures   ARGV 1 owner  2 hold in milliseconds (-1: the fetch did not fail)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
local hold = tonumber(ARGV[2])
if hold >= 0 then
  -- A client that has just started holds for a short time only, whatever happened before: so the failures of all count.
  -- That is at most three in a minute.
  local failures = redis.call('INCR', KEYS[3])
  hold = math.max(1, hold, failures >= 3 and 60000 or failures == 2 and 10000 or 0)
  redis.call('PEXPIRE', KEYS[3], hold + 60000)
  redis.call('SET', KEYS[2], 1, 'PX', hold)
end
return 1
