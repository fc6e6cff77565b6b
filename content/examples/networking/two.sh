# Two hosts with a cable each into this one, and nothing that joins the cables.
# #region hosts
sysctl -qw net.ipv6.conf.default.disable_ipv6=1
for host in a b; do
	ip netns add $host
	ip link add to-$host type veth peer name eth0 netns $host
	ip link set to-$host up
	ip -n $host link set eth0 up
	ip netns exec $host ethtool -K eth0 gro on
done
ip -n a addr add 10.1.0.1/24 dev eth0
ip -n b addr add 10.1.0.2/24 dev eth0
# #endregion
