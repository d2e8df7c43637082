import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.PluginInfo;

/** One of three nodes, by its number and the folder of its data; number 0 starts nothing and only loads the classes. */
public final class Node extends org.opensearch.node.Node {
    // Painless would be half of the start, and nothing here is asked by a script.
    private static final List<String> PLUGINS = List.of(
        "org.opensearch.transport.Netty4", "org.opensearch.analysis.common.CommonAnalysis", "org.opensearch.index.reindex.Reindex");

    @SuppressWarnings("unchecked")
    private Node(Settings settings, Path home) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home, () -> "n"), plugins(), true);
    }

    /** Version 2 takes classes, version 3 descriptions of classes that have other names. */
    @SuppressWarnings("rawtypes")
    private static Collection plugins() {
        List<Object> plugins = new ArrayList<>();
        for (String name : PLUGINS) {
            try {
                plugins.add(Class.forName(name + "Plugin"));
            } catch (ClassNotFoundException older) {
                String named = name + "ModulePlugin";
                plugins.add(new PluginInfo(named, named, "1", Version.CURRENT, "21", named, null, List.of(), false));
            }
        }
        return plugins;
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
