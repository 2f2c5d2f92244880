import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JVM as full as a gateway's may get: GatewayMemory METASPACE_MB THREADS fills the metaspace with classes, starts
 * threads, and prints what the process has in memory, in kB. The heap is the JVM's own doing (AlwaysPreTouch).
 */
public class GatewayMemory {
    /** Something of a usual size to define again and again. */
    static class Cell {
        long count;
        String name;

        long add(long more) { return count += more; }
        String named(String other) { return name == null ? other : name.concat(other).trim(); }
        @Override public String toString() { return "cell " + name + " of " + count; }
    }

    public static void main(String[] arguments) throws Exception {
        long metaspace = Long.parseLong(arguments[0]) * 1024 * 1024;
        List<Class<?>> held = new ArrayList<>();
        byte[] cell = GatewayMemory.class.getResourceAsStream("GatewayMemory$Cell.class").readAllBytes();
        while (metaspaceUsed() < metaspace) {
            for (int i = 0; i < 200; i++) held.add(MethodHandles.lookup().defineHiddenClass(cell, true).lookupClass());
        }
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) startThread();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) System.out.println(line.replaceAll("\\D", ""));
        }
        System.exit(held.isEmpty() ? 1 : 0);
    }

    static long metaspaceUsed() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().equals("Metaspace"))
            .mapToLong(pool -> pool.getUsage().getCommitted()).sum();
    }

    static void startThread() {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(Long.MAX_VALUE);
            } catch (InterruptedException ended) {
                // the process ends
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
