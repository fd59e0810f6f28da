"""What is wrong in kubeconfigs, and what of it can be mended surely. Findings name file and line, never a
secret; what kubectl says of the same thing is said in its words. Nothing is asked over the network.
"""
