"""What makes a deletion safer: a part of a namespace only, custom resources first, volumes kept, workloads
scaled down before."""
