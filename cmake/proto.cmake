# turnabout_proto(TARGET SOURCES protos... [GRPC]): C++ from .proto files, with services when GRPC is given.
set(TURNABOUT_GEN ${CMAKE_BINARY_DIR}/gen)
file(MAKE_DIRECTORY ${TURNABOUT_GEN})
