# Sends a line from one end of a local connection to the other, into the file 'got'.
ip link set lo up
nc -l 127.0.0.1 9000 >got &
sleep 1
(echo hello; sleep 1) | nc -N 127.0.0.1 9000
wait
