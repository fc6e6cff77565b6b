# Two hosts on one machine, with a cable between them.
# #region pair
ip netns add far
# Without IPv6, which would talk by itself.
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
ip netns exec far sysctl -qw net.ipv6.conf.default.disable_ipv6=1

ip link add near type veth peer name eth0 netns far
ip addr add 10.0.0.1/24 dev near
ip link set near up
ip -n far addr add 10.0.0.2/24 dev eth0
ip -n far link set eth0 up
# #endregion
