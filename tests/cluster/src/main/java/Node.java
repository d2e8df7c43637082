import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.transport.Netty4Plugin;

/** One of three nodes, by its number and the folder of its data; number 0 starts nothing and only loads the classes. */
public final class Node extends org.opensearch.node.Node {
    private Node(Settings settings, Path home) {
        super(
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home, () -> "n"),
            // Painless would be half of the start, and nothing here is asked by a script.
            List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, ReindexPlugin.class),
            true);
    }

    private static Settings settings(int number, Path home) {
        return Settings.builder()
            .put("path.home", home)
            .put("cluster.name", "gm-search")
            .put("node.name", "n" + number)
            .put("network.host", "127.0.0.1")
            .put("http.port", 19200 + number)
            .put("transport.port", 19300 + number)
            .putList("discovery.seed_hosts", "127.0.0.1:19301", "127.0.0.1:19302", "127.0.0.1:19303")
            .putList("cluster.initial_cluster_manager_nodes", "n1", "n2", "n3")
            .put("discovery.find_peers_interval", "200ms")
            // A killed node closes its connections and is missed at once; these are for one that hangs.
            .put("cluster.fault_detection.follower_check.interval", "500ms")
            .put("cluster.fault_detection.follower_check.timeout", "2s")
            .put("cluster.fault_detection.leader_check.interval", "500ms")
            .put("cluster.fault_detection.leader_check.timeout", "2s")
            .put("cluster.publish.timeout", "5s")
            // A full disk is for a test to set: `_cluster/settings` overrides this.
            .put("cluster.routing.allocation.disk.threshold_enabled", false)
            .put("cluster.info.update.interval", "10s")
            // The serial collector lets garbage stand, which would count as memory in use and refuse requests.
            .put("indices.breaker.total.use_real_memory", false)
            .build();
    }

    public static void main(String[] args) throws Exception {
        int number = Integer.parseInt(args[0]);
        Path home = Path.of(args[1]);
        Node node = new Node(settings(number, home), home);
        if (number == 0) {
            node.close();
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        Thread.currentThread().join();
    }
}
