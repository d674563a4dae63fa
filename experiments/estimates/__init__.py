"""What will a command need? Memory and time of each of its large steps, from sizes that are known before it begins."""
