// The two steps of the proof, answer by answer.
#include <gtest/gtest.h>

#include "delivery/peer_probe.h"

namespace framespec::delivery {
namespace {

PeerFigures answer(std::uint64_t received, std::uint32_t queued) {
  PeerFigures figures;
  figures.bytes_received = received;
  figures.bytes_queued = queued;
  return figures;
}

TEST(TakenProof, OneAnswerNeverProves) {
  // It can be made of a queue that is empty because the bytes are not there yet, and of a later
  // count.
  TakenProof proof(10);
  EXPECT_FALSE(proof.add(answer(10, 0)));
  EXPECT_TRUE(proof.add(answer(10, 0)));
}

TEST(TakenProof, AnEmptyQueueBeforeTheBytesCameProvesNothing) {
  TakenProof proof(10);
  for (int times = 0; times < 5; ++times) EXPECT_FALSE(proof.add(answer(9, 0)));
  EXPECT_FALSE(proof.add(answer(10, 0)));
  EXPECT_TRUE(proof.add(answer(10, 0)));
}

TEST(TakenProof, BytesInTheQueueAreNotTaken) {
  TakenProof proof(10);
  for (int times = 0; times < 5; ++times) EXPECT_FALSE(proof.add(answer(10, 1)));
  EXPECT_TRUE(proof.received());
  EXPECT_TRUE(proof.add(answer(10, 0)));
}

TEST(TakenProof, AHandshakeThatIsNotFinishedProvesNothing) {
  TakenProof proof(0);
  PeerFigures connecting;
  connecting.state = PeerState::kConnecting;
  EXPECT_FALSE(proof.add(connecting));
  EXPECT_FALSE(proof.add(connecting));
  EXPECT_FALSE(proof.received());
}

}  // namespace
}  // namespace framespec::delivery
