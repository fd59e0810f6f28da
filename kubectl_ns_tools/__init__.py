"""kubectl plugins for namespaces and contexts.

Data flows one way, left to right; nothing imports leftwards (checked by import-linter):

    main -> commands -> output -> kubeconfig | templates | deletion -> cluster -> goyaml -> errors
"""

__version__ = "0.1.0"
